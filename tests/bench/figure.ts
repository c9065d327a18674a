/** One measured figure: its name in the list of marks, its value with unit, and how it was measured. */
export interface Figure {
  name: string
  value: number
  unit: string
  how: string
}
