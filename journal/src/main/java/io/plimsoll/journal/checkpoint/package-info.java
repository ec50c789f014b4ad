/**
 * What lets somebody else check a journal: Merkle trees over its excerpts, checkpoints that are signed, proofs. Nothing
 * here knows how a journal is stored; start reading at {@link io.plimsoll.journal.checkpoint.Checkpoint}.
 */
package io.plimsoll.journal.checkpoint;
