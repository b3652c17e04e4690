// Package emulator is the Google Photos Library API on one machine: uploads,
// media items and albums with the service's own rules, limits and error texts,
// and a gallery page that shows what arrived.
//
// Make one with [New] and reach it in one of three ways: as an
// [net/http.Handler], through [Server.Transport] without a socket (it works
// inside a testing/synctest bubble, so a day passes in no time), or on a
// listener with [Server.Serve]. Send the token of [Server.AccessToken] with
// each API request. Afterwards look at [Server.Albums], [Server.MediaItems],
// [Server.Calls] and [Server.Violations]. A program with the service's addresses
// built in gets there by [Server.ServeProxy].
//
// On request it is a service with bad days: [Server.Plan] makes chosen requests
// fail in a chosen way, and [Config].Chaos disturbs many, reproducibly.
// [Config].Hostility fails nothing and is what clients tend not to expect. With
// [ServiceQuota] it counts days and minutes as the service does. Another process
// steers it over HTTP: see [Server.ControlToken], and docs/emulator.md.
//
// It is strict where the service's documentation is, and it remembers what its
// client did wrong. Section numbers in comments ("contract 4") are those of
// docs/api.md, the contract with the service: what is documented, what was
// observed, and what had to be chosen.
//
// It is the service of today: what was removed in March 2025, the wider scopes
// and shared albums, is there with [Config].Era.
//
// It does not decode pixels to judge a file, transcode, or ask anybody to sign
// in. What it knows is gone when it is closed, unless it has a [Config].Dir.
// Nothing in it is meant to stand on a public network: the gallery asks for no
// token.
package emulator
