import { site } from '#site'

export default definePageConfig({
  // The fixed bar of single-page mode takes its title only from here.
  navigationBarTitleText: site.name,
  enableShareAppMessage: true,
  enableShareTimeline: true,
  // Places the page below the fixed bar of single-page mode, not behind it.
  singlePage: { navigationBarFit: 'squeezed' },
})
