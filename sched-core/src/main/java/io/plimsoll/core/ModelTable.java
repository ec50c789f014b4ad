package io.plimsoll.core;

import io.plimsoll.core.policy.ModelSets;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Models of devices that agents have told of, and sets of models that requests name, by numbers from 1 in the order in
 * which events brought them.
 */
final class ModelTable implements ModelSets
{
    /** Sets beyond so many count as any: they only tell typical requests apart. */
    private static final int SETS_MAX = 1024;
    private static final byte YES = 1;
    private static final byte NO = 2;

    private final Names names;
    /** Name of each model. */
    private int[] models = new int[16];
    private int modelCount = 1;
    private byte[][] sets = new byte[16][];
    private int setCount = 1;
    /** What was found out before, by set and model. */
    private byte[][] answers = new byte[16][];

    ModelTable(final Names names)
    {
        this.names = names;
    }

    /** Number of a model; 0 for no name. */
    int model(final int name)
    {
        if (Table.NONE == name)
        {
            return 0;
        }
        for (int model = 1; model < modelCount; model++)
        {
            if (name == models[model])
            {
                return model;
            }
        }
        if (modelCount == models.length)
        {
            models = Arrays.copyOf(models, modelCount * 2);
        }
        models[modelCount] = name;
        return modelCount++;
    }

    /** Numbers given to models, and 0, which is none. */
    int count()
    {
        return modelCount;
    }

    /** Number of a set whose models are separated by {@code |}; an empty text is any. */
    int set(final DirectBuffer text, final int offset, final int length)
    {
        if (0 == length)
        {
            return ANY;
        }
        for (int set = 1; set < setCount; set++)
        {
            if (sets[set].length == length && matches(sets[set], 0, length, text, offset))
            {
                return set;
            }
        }
        if (setCount == SETS_MAX)
        {
            return ANY;
        }
        if (setCount == sets.length)
        {
            sets = Arrays.copyOf(sets, setCount * 2);
            answers = Arrays.copyOf(answers, setCount * 2);
        }
        sets[setCount] = new byte[length];
        text.getBytes(offset, sets[setCount]);
        answers[setCount] = new byte[16];
        return setCount++;
    }

    private static boolean matches(
        final byte[] set, final int from, final int length, final DirectBuffer text, final int offset)
    {
        for (int i = 0; i < length; i++)
        {
            if (set[from + i] != text.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean allows(final int modelSet, final int model)
    {
        if (ANY == modelSet || 0 == model)
        {
            return ANY == modelSet;
        }
        if (model >= answers[modelSet].length)
        {
            answers[modelSet] = Arrays.copyOf(answers[modelSet], model * 2);
        }
        if (0 == answers[modelSet][model])
        {
            answers[modelSet][model] = holds(sets[modelSet], models[model]) ? YES : NO;
        }
        return YES == answers[modelSet][model];
    }

    private boolean holds(final byte[] set, final int name)
    {
        int start = 0;
        for (int end = 0; end <= set.length; end++)
        {
            if (end == set.length || '|' == set[end])
            {
                if (end - start == names.length(name) &&
                    matches(set, start, end - start, names.buffer(), names.offset(name)))
                {
                    return true;
                }
                start = end + 1;
            }
        }
        return false;
    }

    void transfer(final StateBlocks blocks)
    {
        final long[] names = new long[modelCount];
        for (int model = 1; model < modelCount; model++)
        {
            names[model] = models[model];
        }
        final long[] read = blocks.longs(StateBlocks.MODELS, 0, names);
        final ExpandableArrayBuffer all = new ExpandableArrayBuffer();
        final byte[] texts = blocks.bytes(StateBlocks.MODELS, 1, all, blocks.isReading() ? 0 : writeSets(all));
        if (blocks.isReading())
        {
            for (int model = 1; model < read.length; model++)
            {
                model((int)read[model]);
            }
            readSets(new UnsafeBuffer(texts));
        }
    }

    private int writeSets(final ExpandableArrayBuffer all)
    {
        int position = 0;
        for (int set = 1; set < setCount; set++)
        {
            all.putInt(position, sets[set].length, ByteOrder.LITTLE_ENDIAN);
            all.putBytes(position + Integer.BYTES, sets[set]);
            position += Integer.BYTES + sets[set].length;
        }
        return position;
    }

    private void readSets(final UnsafeBuffer all)
    {
        int position = 0;
        while (position < all.capacity())
        {
            final int length = all.getInt(position, ByteOrder.LITTLE_ENDIAN);
            set(all, position + Integer.BYTES, length);
            position += Integer.BYTES + length;
        }
    }
}
