/**
 * APIs that WeChat switches off in single-page mode (WeChat docs, 分享到朋友圈, 单页模式下的限制). Each of them fails. A use is
 * a violation, even if the app catches the failure.
 */
export const switchedOff: readonly string[] = [
  // routes, and ways out of the mini-program
  ...['switchTab', 'reLaunch', 'redirectTo', 'navigateTo', 'navigateBack'],
  ...['navigateToMiniProgram', 'navigateBackMiniProgram', 'openEmbeddedMiniProgram'],
  // navigation bar
  ...[
    'setNavigationBarTitle',
    'setNavigationBarColor',
    'showNavigationBarLoading',
    'hideNavigationBarLoading',
  ],
  'hideHomeButton',
  // tab bar
  ...['setTabBarStyle', 'setTabBarItem', 'showTabBar', 'hideTabBar', 'setTabBarBadge', 'removeTabBarBadge'],
  ...['showTabBarRedDot', 'hideTabBarRedDot'],
  // share menu
  ...['getShareInfo', 'showShareMenu', 'hideShareMenu', 'updateShareMenu'],
  // who the reader is, settings, pay, cards
  ...['login', 'checkSession', 'getUserInfo', 'getUserProfile', 'authorize', 'openSetting', 'getSetting'],
  ...['requestPayment', 'chooseAddress', 'addCard', 'openCard', 'chooseInvoice', 'chooseInvoiceTitle'],
  // the phone
  ...[
    'setClipboardData',
    'getClipboardData',
    'scanCode',
    'makePhoneCall',
    'addPhoneContact',
    'chooseContact',
  ],
  ...['openBluetoothAdapter', 'closeBluetoothAdapter', 'getBluetoothAdapterState', 'getBluetoothDevices'],
  ...['startBluetoothDevicesDiscovery', 'stopBluetoothDevicesDiscovery', 'getConnectedBluetoothDevices'],
  ...['createBLEConnection', 'closeBLEConnection', 'getBLEDeviceServices', 'getBLEDeviceCharacteristics'],
  ...['readBLECharacteristicValue', 'writeBLECharacteristicValue', 'notifyBLECharacteristicValueChange'],
  ...['startWifi', 'stopWifi', 'connectWifi', 'getWifiList', 'getConnectedWifi', 'setWifiList'],
  ...['getHCEState', 'startHCE', 'stopHCE', 'sendHCEMessage', 'getNFCAdapter'],
  ...['getLocation', 'getFuzzyLocation', 'chooseLocation', 'choosePoi', 'openLocation'],
  ...['startLocationUpdate', 'startLocationUpdateBackground', 'stopLocationUpdate'],
  // media, files, ads
  ...['chooseImage', 'chooseMedia', 'chooseVideo', 'chooseMessageFile', 'getVideoInfo', 'openDocument'],
  ...['saveImageToPhotosAlbum', 'saveVideoToPhotosAlbum', 'createRewardedVideoAd', 'createInterstitialAd'],
]

/** Built-in components that do not work there. `button` only fails with an open-type. */
export const componentsOff: readonly string[] = [
  ...['form', 'navigator', 'navigation-bar', 'editor', 'camera', 'web-view', 'open-data', 'official-account'],
  ...['functional-page-navigator', 'live-pusher'],
]

/**
 * Keys of `wx` that have been reported to throw on a mere read there (NervJS/taro 13621, 16596; mpx 517). The last one is
 * invented, because a guard must also cover keys that nobody has reported yet.
 */
export const throwingKeys: readonly string[] = ['router', 'worklet', 'shareImageMessage', 'notYetReported']
