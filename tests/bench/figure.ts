/** One measured figure: its name in the list of marks, and how it was come by. */
export interface Figure {
  name: string
  value: number
  unit: string
  how: string
}
