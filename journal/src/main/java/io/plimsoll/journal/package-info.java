/**
 * The ordered record of every command with the events it caused: framing with chained checksums above a small port,
 * Chronicle Queue below it, and the ways back from a record to a state.
 * <p>
 * What a killed process leaves. Chronicle's appender leaves the four bytes of a record's header zero, copies the body,
 * clears the eight bytes behind it, and only then swaps the length into the header ({@code StoreAppender.writeBytes},
 * {@code AbstractWire.enterHeader}, {@code updateHeader}); it marks nothing as unfinished on the way. The stores of a
 * thread reach the page cache in that order, and clearing may fault the next page in, which is where a kill strikes.
 * So a whole record under a zero header is what a kill leaves behind, not damage, and as nothing stands behind it, it
 * is cut off. It cannot have been promised: the mark ({@link io.plimsoll.journal.CommitMark}) is written after the
 * swap, by the same thread. Conversely a zero header where the mark, or the {@code committed} of any later record,
 * promises one is damage, and so is a zero before a record that is not the next in turn:
 * {@link io.plimsoll.journal.SegmentScanner} refuses both. After a power cut pages may come back in any order; a
 * binding mark is then one that was written behind a forced record.
 */
package io.plimsoll.journal;
