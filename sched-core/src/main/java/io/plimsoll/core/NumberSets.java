package io.plimsoll.core;

/** All sets of so many of the numbers from 0 on, one after the other, in order of their numbers. */
final class NumberSets
{
    private int[] numbers = new int[8];
    private int of;
    private int size;

    /** The first set: the lowest numbers. There are at least as many numbers as that. */
    void begin(final int ofNumbers, final int setSize)
    {
        of = ofNumbers;
        size = setSize;
        if (numbers.length < size)
        {
            numbers = new int[size * 2];
        }
        for (int i = 0; i < size; i++)
        {
            numbers[i] = i;
        }
    }

    int number(final int index)
    {
        return numbers[index];
    }

    /** Goes on to the next set; false if that was the last. */
    boolean next()
    {
        int at = size - 1;
        while (at >= 0 && numbers[at] == of - size + at)
        {
            at--;
        }
        if (at < 0)
        {
            return false;
        }
        numbers[at]++;
        for (int i = at + 1; i < size; i++)
        {
            numbers[i] = numbers[i - 1] + 1;
        }
        return true;
    }
}
