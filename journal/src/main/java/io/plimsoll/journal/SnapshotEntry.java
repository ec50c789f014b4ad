package io.plimsoll.journal;

/**
 * A snapshot as the manifest knows it.
 *
 * @param name      of the snapshot.
 * @param sequence  of the last record that it stands for.
 * @param recordCrc crc of the excerpt of that record: ties it to this journal.
 * @param length    in bytes.
 * @param crc       CRC32C of all of them.
 */
record SnapshotEntry(String name, long sequence, int recordCrc, long length, int crc)
{
}
