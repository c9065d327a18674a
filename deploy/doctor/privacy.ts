import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** APIs that fail unless 用户隐私保护指引 declares what they touch [小程序用户隐私保护指引内容介绍]. */
const declared: Readonly<Record<string, string>> = {
  setClipboardData: '剪切板',
  getClipboardData: '剪切板',
  saveImageToPhotosAlbum: '相册（仅写入）权限',
  saveVideoToPhotosAlbum: '相册（仅写入）权限',
  chooseImage: '选中的照片或视频信息',
  chooseMedia: '选中的照片或视频信息',
  chooseVideo: '选中的照片或视频信息',
  chooseMessageFile: '选中的文件',
  getLocation: '位置信息',
  getFuzzyLocation: '位置信息',
  chooseLocation: '位置信息',
  choosePoi: '位置信息',
  startLocationUpdate: '位置信息',
  getUserProfile: '微信昵称、头像',
  getUserInfo: '微信昵称、头像',
  getRecorderManager: '麦克风',
  startRecord: '麦克风',
  createCameraContext: '摄像头',
  addPhoneContact: '通讯录（仅写入）权限',
  addPhoneCalendar: '日历（仅写入）权限',
  chooseContact: '通讯录权限',
  chooseAddress: '通讯地址',
  chooseInvoiceTitle: '发票信息',
  chooseLicensePlate: '车牌号',
  getWeRunData: '微信运动数据',
  startAccelerometer: '加速传感器',
  startGyroscope: '陀螺仪传感器',
  startCompass: '磁场传感器',
  openBluetoothAdapter: '蓝牙',
}

const calls = new RegExp(`\\b(${Object.keys(declared).join('|')})\\b`, 'g')

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return sourcesBelow(file)
    // The site has no WeChat APIs.
    return /\.tsx?$/.test(entry.name) && !/\.h5\./.test(entry.name) ? [file] : []
  })
}

/** The privacy APIs that the source of the mini-program calls, each once, sorted. */
export function privacyApis(source: string): { api: string; declares: string }[] {
  const found = new Set<string>()
  for (const file of sourcesBelow(source)) {
    if (path.relative(source, file).split(path.sep).includes('web')) continue
    for (const [, api] of readFileSync(file, 'utf8').matchAll(calls)) if (api) found.add(api)
  }
  return [...found].sort().map(api => ({ api, declares: String(declared[api]) }))
}
