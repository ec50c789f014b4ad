package io.plimsoll.manager.view;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Agents by id, which counts from 1 without gaps, and by name. One writer, any readers. */
final class AgentTable
{
    private final Map<String, Integer> idByName = new ConcurrentHashMap<>();
    private volatile AgentRow[] rows = new AgentRow[16];
    private volatile int highestId;

    /** Row of an agent, made when it is first named. */
    AgentRow materialise(final int id)
    {
        AgentRow[] current = rows;
        if (id >= current.length)
        {
            current = Arrays.copyOf(current, Math.max(id + 1, current.length * 2));
        }
        if (null == current[id])
        {
            current[id] = new AgentRow(id);
        }
        rows = current;
        highestId = Math.max(highestId, id);
        return current[id];
    }

    /** Becomes what another is, with rows of its own. */
    void copyFrom(final AgentTable other)
    {
        final AgentRow[] copies = new AgentRow[other.rows.length];
        for (int id = 1; id <= other.highestId; id++)
        {
            copies[id] = null == other.rows[id] ? null : other.rows[id].copy();
        }
        idByName.clear();
        idByName.putAll(other.idByName);
        rows = copies;
        highestId = other.highestId;
    }

    void rename(final AgentRow row, final String name)
    {
        if (!row.name.equals(name))
        {
            idByName.remove(row.name, row.id);
            row.name = name;
        }
        idByName.put(name, row.id);
    }

    /** Null if there is none. */
    AgentRow row(final int id)
    {
        final AgentRow[] current = rows;
        return id > 0 && id < current.length ? current[id] : null;
    }

    AgentRow row(final String name)
    {
        final Integer id = idByName.get(name);
        return null == id ? null : row(id);
    }

    int highestId()
    {
        return highestId;
    }
}
