package io.plimsoll.core.pipeline;

import org.agrona.concurrent.UnsafeBuffer;

/** An entry of the input ring: a place in the slab, and for a long command a buffer of its own. */
final class CommandSlot
{
    final int inlineOffset;
    int length;
    UnsafeBuffer overflow;

    CommandSlot(final int inlineOffset)
    {
        this.inlineOffset = inlineOffset;
    }
}
