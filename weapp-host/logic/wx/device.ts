import { asynchronous, type Ground, type Wx } from './api'

/** Heights on an iPhone with 390 × 844 pixels, in CSS pixels. */
const statusBar = 47
const homeIndicator = 34
const navigationBar = 44

/** What the phone reports: sizes, theme, WeChat's font size, network, menu button. */
export function deviceApis(ground: Ground): Wx {
  const { device, boot } = ground
  const singlePage = boot.enter.apiCategory === 'browseOnly'

  const windowInfo = () => {
    const { width, height, pixelRatio } = device()
    // Single-page mode draws its bars above the page and reports the whole screen as safe area (分享到朋友圈).
    const safeArea = singlePage
      ? { left: 0, right: width, top: 0, bottom: height, width, height }
      : {
          left: 0,
          right: width,
          top: statusBar,
          bottom: height - homeIndicator,
          width,
          height: height - statusBar - homeIndicator,
        }
    return {
      pixelRatio,
      screenWidth: width,
      screenHeight: height,
      windowWidth: width,
      windowHeight: height - statusBar - navigationBar - ground.pages.tabBarHeight(),
      statusBarHeight: statusBar,
      screenTop: statusBar + navigationBar,
      safeArea,
    }
  }
  const baseInfo = () => {
    const { theme, fontScale } = device()
    return {
      SDKVersion: '3.8.0',
      version: '8.0.50',
      language: 'zh_CN',
      theme,
      enableDebug: false,
      host: { appId: '' },
      fontSizeScaleFactor: fontScale,
      fontSizeSetting: Math.round(16 * fontScale),
    }
  }
  const deviceInfo = () => {
    const ios = device().platform === 'ios'
    return {
      platform: device().platform,
      system: ios ? 'iOS 17.0' : 'Android 14',
      brand: ios ? 'Apple' : 'HUAWEI',
      model: ios ? 'iPhone 14' : 'ALN-AL00',
      benchmarkLevel: 40,
      abi: 'arm64',
    }
  }
  const everything = () => ({ ...windowInfo(), ...baseInfo(), ...deviceInfo() })
  const capsule = () => {
    const { width } = device()
    return { width: 87, height: 32, left: width - 94, right: width - 7, top: 51, bottom: 83 }
  }
  const idle = { onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }

  return {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getWindowInfo: windowInfo,
    getAppBaseInfo: baseInfo,
    getDeviceInfo: deviceInfo,
    getSystemInfoSync: everything,
    getSystemInfo: asynchronous('getSystemInfo', everything),
    getSystemInfoAsync: asynchronous('getSystemInfoAsync', everything),
    getSystemSetting: () => ({ bluetoothEnabled: false, wifiEnabled: true, deviceOrientation: 'portrait' }),
    getAppAuthorizeSetting: () => ({}),
    getAccountInfoSync: () => ({
      miniProgram: { appId: 'wx0000000000000000', envVersion: 'develop', version: '' },
    }),
    getMenuButtonBoundingClientRect: capsule,
    getLaunchOptionsSync: () => ({ ...boot.enter }),
    getEnterOptionsSync: () => ({ ...ground.pages.enter() }),
    getApiCategory: () => ground.pages.enter().apiCategory ?? 'default',
    getUpdateManager: () => idle,
    getNetworkType: asynchronous('getNetworkType', () => ({
      networkType: device().online ? device().networkType : 'none',
      signalStrength: 4,
    })),
    getPerformance: () => ({
      now: () => Date.now(),
      createObserver: () => ({ observe() {}, disconnect() {} }),
    }),
    nextTick: (run: () => void) => void Promise.resolve().then(run),
    reportEvent: () => undefined,
    reportPerformance: () => undefined,
    getLogManager: () => ({ log() {}, info() {}, warn() {}, debug() {} }),
    getRealtimeLogManager: () => ({ info() {}, warn() {}, error() {}, setFilterMsg() {}, addFilterMsg() {} }),
    vibrateShort: asynchronous('vibrateShort', () => undefined),
  }
}
