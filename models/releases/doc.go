// Package releases knows how lively a service is: what its vendor says of each release,
// written here or read in the vendor's own feed, and how often there is one.
//
// It owns the tables releases, release_words, release_revisions and release_feeds. A
// [Release] is of an offering, not of a version of its listing: what the catalogue calls
// versions are editions of what is said of a service, and are not meant here.
//
// Vendors write releases without anybody looking at them first, for they are dated and
// signed and change no promise; whoever runs the portal can remove them. Entries of a
// feed are known by the name that the feed gives them ([Entry].GUID), so that none is
// taken twice. What a feed no longer holds stays, and an empty feed removes nothing.
//
// # Reading feeds
//
// Workers, of several programs on one database, [Claim] feeds that are due, each for the
// time of a [Lease], and say what came of it: [Took], [Same], [Failed] or [GiveBack]. A
// feed that does not answer is asked ever less often, and is given up when it says that
// it is gone, or has not answered for [GivenUpAfter].
//
// How feeds are fetched and what they look like is not known here but in handlers/feeds;
// nothing here touches the network.
package releases
