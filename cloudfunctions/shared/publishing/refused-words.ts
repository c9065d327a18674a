import { writtenTime } from './written-time'

/** What the editor of a refused row is told to do. `waits`: the row stays with the clock, which looks again. */
export const remedyFor = (waits: boolean): string =>
  `请按“问题”修改，${waits ? '保存后会自动发布' : '改好后把状态设为 待发布'}`

/** The 结果 of a row that has problems and does not wait, once its editor has changed it. */
export const recheckedAs = (isMended: boolean, now: number): string =>
  `北京时间 ${writtenTime(now)} ${isMended ? '改过了，还没有发布：要发布，就把状态设为 待发布' : `没有发布：${remedyFor(false)}`}`
