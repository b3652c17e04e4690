// Package order reckons where files stand in their albums, over keys that sort as bytes.
package order
