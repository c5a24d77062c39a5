// Package focus reads and writes cost and usage files of the FinOps Open Cost and Usage
// Specification (FOCUS, https://focus.finops.org) in its versions 1.0, 1.1 and 1.2, as
// rows of cells or as JSON Lines, and checks that their sums agree with each other.
package focus
