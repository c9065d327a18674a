/**
 * What WeChat switches off in single-page mode (WeChat docs, 分享到朋友圈, 单页模式下的限制): each name fails and the
 * use of it is a violation, also where the app catches the failure.
 */
export const switchedOff: readonly string[] = [
  // routes
  ...['switchTab', 'reLaunch', 'redirectTo', 'navigateTo', 'navigateBack'],
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
  // who the reader is, settings, pay
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
  ...[
    'openBluetoothAdapter',
    'startBluetoothDevicesDiscovery',
    'startWifi',
    'connectWifi',
    'getConnectedWifi',
  ],
  ...['startHCE', 'getNFCAdapter', 'getLocation', 'chooseLocation', 'openLocation', 'startLocationUpdate'],
  // media, files, ads
  ...['chooseImage', 'chooseMedia', 'chooseVideo', 'saveImageToPhotosAlbum', 'saveVideoToPhotosAlbum'],
  ...['getVideoInfo', 'openDocument', 'createRewardedVideoAd', 'createInterstitialAd'],
]

/** Built-in components that do not work there; `button` only with an open-type. */
export const componentsOff: readonly string[] = [
  ...['form', 'navigator', 'navigation-bar', 'editor', 'camera', 'web-view', 'open-data', 'official-account'],
  ...['functional-page-navigator', 'live-pusher'],
]

/**
 * Keys of `wx` that have been reported to throw when they are merely read there (NervJS/taro 13621, 16596; mpx 517).
 * The last is invented: a guard must hold for the next one too.
 */
export const throwingKeys: readonly string[] = ['router', 'worklet', 'shareImageMessage', 'notYetReported']
