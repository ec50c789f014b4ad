/**
 * The ordered record of every command with the events it caused: framing with chained checksums above a small port,
 * Chronicle Queue below it, and the ways back from a record to a state.
 */
package io.plimsoll.journal;
