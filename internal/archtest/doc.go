// Package archtest keeps the shape of the house: which package may import which,
// and a few rules that hold for all code.
//
// It has tests only. They parse every Go file of the module, so that code for
// other systems is judged too, and fail with the place and the rule:
//
//   - imports follow the arrows of docs/design.md, "The house";
//   - only the program and the examples write to the terminal, exit, or read
//     arguments and environment;
//   - tests wait for what they wait for, and never for time;
//   - every exported name and every package is documented;
//   - no file is longer than 500 lines, and none needs a C compiler.
//
// A new package is one line in house_test.go.
package archtest
