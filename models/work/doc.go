// Package work keeps what people are told until it has reached them: notices in the
// inbox of the site, and letters.
//
// [Tell] is called in the transaction of what it tells about, so that nobody is told
// of what did not happen and nothing that happened is left untold. It writes the
// notice and, as the person prefers, a letter that goes at once, a line of the next
// daily digest, or neither. Workers then [Claim] letters, send them and say [Sent] or
// [Failed].
//
// A claim is on disk before the letter goes out, and lasts [Lease]. Should a worker
// die between the answer of the mail server and its [Sent], the letter is taken over
// and sent once more, with the same Message-ID: mail knows no way to make sure of
// exactly once, and a letter twice, which programs recognise by that name, is better
// than none. In all other cases a letter goes out once. What is in a letter is
// written down before its first try and is the same at every other.
//
// It owns the tables outbox, notices and notice_preferences. It knows
// accounts by number and whether they are open, and the words of letters by kind:
// who a person is stands in identity, the words stand in the languages of the views, and mail servers are known
// to handlers/mail. Nothing here touches the network.
package work
