/**
 * What a journal must satisfy, whatever happened while it was written. Start reading at
 * {@link io.plimsoll.loadtest.proof.JournalProof}.
 */
package io.plimsoll.loadtest.proof;
