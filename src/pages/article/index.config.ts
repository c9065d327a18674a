import { site } from '#site'

export default definePageConfig({
  // The fixed bar of single-page mode takes its title from here and from nowhere else.
  navigationBarTitleText: site.name,
  enableShareAppMessage: true,
  enableShareTimeline: true,
  // Under the fixed bar of single-page mode, not behind it.
  singlePage: { navigationBarFit: 'squeezed' },
})
