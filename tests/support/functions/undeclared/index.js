exports.main = require('../codes').main
