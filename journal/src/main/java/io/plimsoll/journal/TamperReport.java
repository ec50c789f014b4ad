package io.plimsoll.journal;

import java.util.List;

/**
 * What a journal is when it is held against checkpoints.
 *
 * @param checkpoints number of checkpoints that it was held against.
 * @param sequence    of the last record that one of them covers; 0: none could be used.
 * @param keptFrom    sequence of the first record that was there; those before it were pruned.
 * @param lastSequence of the last record that was there and whole.
 * @param findings    what is not as it was signed, in order of the journal; empty: all is.
 * @param notes       what is worth knowing and no harm.
 */
public record TamperReport(
    int checkpoints,
    long sequence,
    long keptFrom,
    long lastSequence,
    List<Finding> findings,
    List<String> notes)
{
    /**
     * Something that is not as it was signed.
     *
     * @param place    segment or file.
     * @param position of an excerpt in the file of the segment in bytes; -1: no excerpt is meant.
     * @param index    of the excerpt in its segment, from 0; -1: no excerpt is meant.
     * @param sequence of the record, or of the first of those that are meant; -1: no record is meant.
     * @param what     is wrong, for people.
     */
    public record Finding(String place, long position, long index, long sequence, String what)
    {
        static Finding of(final String place, final String what)
        {
            return new Finding(place, -1, -1, -1, what);
        }

        /** One line for people. */
        @Override
        public String toString()
        {
            return place + ": " + what + (sequence < 0 ? "" : ", sequence " + sequence) +
                (index < 0 ? "" : ", excerpt " + index) + (position < 0 ? "" : ", position " + position);
        }
    }

    /** Whether all that the checkpoints cover is there as it was signed, or was pruned as they say. */
    public boolean isIntact()
    {
        return findings.isEmpty();
    }
}
