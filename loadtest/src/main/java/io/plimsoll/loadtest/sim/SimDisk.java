package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.ByteFile;
import io.plimsoll.journal.ByteFiles;
import io.plimsoll.journal.JournalFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The manager's disk: what was forced survives a power cut, of the rest anything may; what was written survives the end
 * of the process. It fails, fills up, lies and loses as it is told. Processes end in the middle of what they do here.
 */
final class SimDisk implements ByteFiles
{
    private static final int NEVER = -1;

    private TreeMap<String, SimFile> names = new TreeMap<>();
    private TreeMap<String, SimFile> durableNames = new TreeMap<>();
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private int operationsLeft = NEVER;
    private long partOfLast;
    private boolean isShort;
    private boolean isFull;
    private boolean syncFails;
    private boolean syncForgets;
    private boolean syncLies;
    private SimFile failed;
    private long spoilNext;
    private boolean spoils;
    private boolean misdirects;
    private boolean damaged;
    private long writes;
    private long bootId = 1;

    /** What becomes of a sync. */
    enum Sync
    {
        DONE, LIED, FAILED, FORGOTTEN
    }

    /* What goes wrong. */

    /** The process ends in the middle of its operation after so many others. */
    void endProcessAfter(final int operations, final long part)
    {
        operationsLeft = operations;
        partOfLast = part;
    }

    /** The process is gone; nothing has happened to the next one yet. */
    void onProcessEnd()
    {
        failed = null;
        operationsLeft = NEVER;
    }

    /** The machine starts again; what becomes of writes that were not forced, the mode says. */
    void powerCut(final long mode, final boolean isTorn)
    {
        bootId++;
        int kept = (int)Long.remainderUnsigned(SimFile.mix(mode), unsyncedNames.size() + 1L);
        for (final NameChange change : unsyncedNames)
        {
            if (0 == kept--)
            {
                break;
            }
            change.apply(durableNames);
        }
        unsyncedNames.clear();
        names = new TreeMap<>(durableNames);
        names.values().stream().distinct().forEach(file -> file.powerCut(mode, isTorn));
    }

    void spaceIsShort(final boolean on)
    {
        isShort = on;
    }

    void full(final boolean on)
    {
        isFull = on;
    }

    void nextSyncFails(final boolean forgets)
    {
        syncFails = true;
        syncForgets = forgets;
    }

    void syncsLie(final boolean on)
    {
        damaged |= on;
        syncLies = on;
    }

    void spoilNextWrite(final boolean misdirected, final long choice)
    {
        damaged = true;
        spoils = true;
        misdirects = misdirected;
        spoilNext = choice;
    }

    boolean flipBit(final long choice)
    {
        if (names.isEmpty())
        {
            return false;
        }
        final List<SimFile> files = List.copyOf(names.values());
        damaged = true;
        return files.get((int)Long.remainderUnsigned(SimFile.mix(choice), files.size())).flip(choice);
    }

    /** Whether the disk may have lost or changed what was promised. */
    boolean mayBeDamaged()
    {
        return damaged;
    }

    /** Whether it really has, as far as can be seen now. */
    boolean isDamaged()
    {
        return names.values().stream().anyMatch(SimFile::isDamaged);
    }

    /** Everything works from now on; what was damaged stays so. */
    void heal()
    {
        isShort = false;
        isFull = false;
        syncFails = false;
        syncLies = false;
        spoils = false;
    }

    /** An operator puts back what a good disk would have kept. */
    void repair()
    {
        names.values().forEach(SimFile::repair);
        durableNames.values().forEach(SimFile::repair);
    }

    /** An operator leaves out what was not forced before the power cut; so does {@code plimsoll journal repair}. */
    void cut()
    {
        names.values().forEach(SimFile::cut);
        durableNames.values().forEach(SimFile::cut);
    }

    /* For the files. */

    void beforeWrite(final int length)
    {
        if (isFull)
        {
            throw new JournalFullException("no space left for " + length + " bytes");
        }
        beforeOperation("write");
    }

    Sync beforeSync(final SimFile file)
    {
        beforeOperation("sync");
        // Whoever has the file open is told, once each.
        syncFails |= file == failed;
        if (isLast() && 0 == (partOfLast & 1))
        {
            return Sync.FAILED;
        }
        if (syncFails)
        {
            return syncForgets ? Sync.FORGOTTEN : Sync.FAILED;
        }
        return syncLies ? Sync.LIED : Sync.DONE;
    }

    void afterSync(final SimFile file)
    {
        afterOperation(file);
        if (syncFails)
        {
            syncFails = false;
            failed = file;
            throw new UncheckedIOException("cannot force " + file.name(), new IOException("Input/output error"));
        }
    }

    boolean isLast()
    {
        return 0 == operationsLeft;
    }

    int part(final int length)
    {
        // A word is stored whole or not at all.
        return length <= Long.BYTES ?
            (int)(partOfLast & 1) * length : (int)Long.remainderUnsigned(partOfLast, length + 1L);
    }

    void afterOperation(final SimFile file)
    {
        if (isLast())
        {
            throw new ProcessEnd("at " + file.name());
        }
    }

    boolean takesNextWrite()
    {
        final boolean takes = spoils;
        spoils = false;
        return takes;
    }

    /** Where the write goes that was spoiled; below zero: nowhere. */
    int misdirection(final int length)
    {
        return misdirects ? (int)Long.remainderUnsigned(spoilNext, length) : NEVER;
    }

    long nextWrite()
    {
        return writes++;
    }

    private void beforeOperation(final String what)
    {
        if (isLast())
        {
            throw new ProcessEnd("before " + what);
        }
        if (operationsLeft > 0)
        {
            operationsLeft--;
        }
    }

    /* What the journal sees. */

    @Override
    public ByteFile create(final String name)
    {
        beforeWrite(0);
        final SimFile file = new SimFile(this, name);
        change(new NameChange(null, name, file));
        afterOperation(file);
        return file;
    }

    @Override
    public ByteFile open(final String name)
    {
        return names.get(name);
    }

    @Override
    public List<String> names()
    {
        return List.copyOf(names.keySet());
    }

    @Override
    public void delete(final String name)
    {
        beforeOperation("delete");
        final SimFile file = names.get(name);
        if (null != file)
        {
            change(new NameChange(name, null, null));
            afterOperation(file);
        }
    }

    @Override
    public void rename(final String from, final String to)
    {
        beforeOperation("rename");
        final SimFile file = names.get(from);
        change(new NameChange(from, to, file));
        afterOperation(file);
    }

    @Override
    public void syncNames()
    {
        beforeOperation("sync of names");
        unsyncedNames.clear();
        durableNames = new TreeMap<>(names);
        if (isLast())
        {
            throw new ProcessEnd("after sync of names");
        }
    }

    @Override
    public boolean reserveKept()
    {
        return !isShort && !isFull;
    }

    @Override
    public long bootId()
    {
        return bootId;
    }

    private void change(final NameChange change)
    {
        change.apply(names);
        unsyncedNames.add(change);
    }

    private record NameChange(String from, String to, SimFile file)
    {
        void apply(final TreeMap<String, SimFile> target)
        {
            if (null != from)
            {
                target.remove(from);
            }
            if (null != to)
            {
                target.put(to, file);
            }
        }
    }
}
