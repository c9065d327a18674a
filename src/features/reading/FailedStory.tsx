/** A story that cannot be shown. In WeChat the bar at the top leads on. */
export { StateView as FailedStory } from '#components/StateView'
