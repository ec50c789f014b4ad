package io.plimsoll.core;

/** The reigns that this journal knows: number, nonce and the sequences that belong to each. Rows are in order. */
final class TermTable extends Table
{
    final LongColumn term = longColumn(1);
    final LongColumn nonce = longColumn(2);
    final LongColumn firstSequence = longColumn(3);

    void add(final long number, final long termNonce, final long sequence)
    {
        final int row = allocate();
        set(term, row, number);
        set(nonce, row, termNonce);
        set(firstSequence, row, sequence);
    }

    /** Whether our journal holds this sequence of this reign. */
    boolean holds(final long number, final long termNonce, final long sequence, final long currentSequence)
    {
        for (int row = count() - 1; row >= 0; row--)
        {
            if (number == get(term, row) && termNonce == get(nonce, row))
            {
                final long last = row + 1 == count() ? currentSequence : get(firstSequence, row + 1) - 1;
                return sequence <= last;
            }
        }
        return false;
    }
}
