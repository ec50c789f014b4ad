package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SpecDroppedDecoder;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Launch specs by their id in the core, once per content. Written and read by the thread of the records; sessions hold
 * on to what they use, so that a spec that the core has dropped lives on as long as somebody shows it.
 */
public final class SpecStore implements RecordListener
{
    private final Long2ObjectHashMap<StoredSpec> specById = new Long2ObjectHashMap<>();

    @Override
    public void onSpecAdded(final SpecAddedDecoder event, final ReleasedRecord record)
    {
        final long specId = event.specId();
        specById.put(specId, new StoredSpec(specId, record.submission().spec(event.specIndex())));
    }

    @Override
    public void onSpecDropped(final SpecDroppedDecoder event, final ReleasedRecord record)
    {
        specById.remove(event.specId());
    }

    /** Becomes what another is; specs themselves never change. */
    public void copyFrom(final SpecStore other)
    {
        specById.clear();
        other.specById.forEach(specById::put);
    }

    /** The spec, which is there from SpecAdded to SpecDropped. */
    public StoredSpec spec(final long specId)
    {
        final StoredSpec spec = specById.get(specId);
        if (null == spec)
        {
            throw new IllegalStateException("specId=" + specId + " is not stored");
        }
        return spec;
    }

    /** Specs held. */
    public int size()
    {
        return specById.size();
    }
}
