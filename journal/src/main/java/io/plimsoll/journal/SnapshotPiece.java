package io.plimsoll.journal;

import org.agrona.DirectBuffer;

/**
 * A piece of a snapshot.
 *
 * @param kind   says whose it is; pieces of one kind keep their order.
 * @param buffer holds it.
 * @param offset of its first byte.
 * @param length in bytes.
 */
public record SnapshotPiece(int kind, DirectBuffer buffer, int offset, int length)
{
}
