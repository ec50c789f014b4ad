package io.plimsoll.agent;

/** Keeps an agent's memory. Called by the agent's thread. */
public interface AgentMemoryStore
{
    /** What was saved last, or a fresh memory with a new name. */
    AgentMemory load();

    /**
     * Saves it: when this returns, it survives even a power cut.
     *
     * @throws java.io.UncheckedIOException if it cannot be saved now.
     */
    void save(AgentMemory memory);
}
