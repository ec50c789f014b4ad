package io.plimsoll.core;

/** Commands on which the core once threw, by what names them; the oldest are dropped when there are too many. */
final class PoisonTable extends Table
{
    final IntColumn templateId = intColumn(1);
    final IntColumn source = intColumn(2);
    final LongColumn number = longColumn(3);
    private int oldest;

    void add(final int template, final int commandSource, final long commandNumber, final int max)
    {
        final int row;
        if (count() < max)
        {
            row = allocate();
        }
        else
        {
            row = oldest;
            oldest = (oldest + 1) % max;
        }
        set(templateId, row, template);
        set(source, row, commandSource);
        set(number, row, commandNumber);
    }

    boolean contains(final int template, final int commandSource, final long commandNumber)
    {
        for (int row = 0; row < count(); row++)
        {
            if (template == get(templateId, row) &&
                commandSource == get(source, row) &&
                commandNumber == get(number, row))
            {
                return true;
            }
        }
        return false;
    }

    @Override
    void transfer(final StateBlocks blocks, final int part)
    {
        super.transfer(blocks, part);
        oldest = (int)blocks.fixed(part, 1, oldest)[0];
    }
}
