/**
 * The ring and its stages: the one part of the core that knows threads. Commands come in through
 * {@link io.plimsoll.core.pipeline.CommandIngress}; the core stage lets the core decide and writes records; the journal
 * stage stores them through {@link io.plimsoll.core.pipeline.RecordJournal}; the egress stage hands them to
 * {@link io.plimsoll.core.pipeline.RecordReleaser}. Start reading at {@link io.plimsoll.core.pipeline.Pipeline}.
 */
package io.plimsoll.core.pipeline;
