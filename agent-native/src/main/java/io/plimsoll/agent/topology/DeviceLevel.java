package io.plimsoll.agent.topology;

/**
 * How far two GPUs are from each other as their driver tells it.
 *
 * @param from  id of a device.
 * @param to    id of another.
 * @param level nearest part that both hang on.
 */
public record DeviceLevel(String from, String to, Level level)
{
    /** Nearest part that two GPUs have in common, by {@code nvmlGpuTopologyLevel_t}; nearest first. */
    public enum Level
    {
        /** The board. */
        internal(0),
        /** One switch. */
        single(10),
        /** Several switches below one root port. */
        multiple(20),
        /** A host bridge. */
        hostbridge(30),
        /** A NUMA node. */
        node(40),
        /** Nothing but the host. */
        system(50);

        private final int code;

        Level(final int code)
        {
            this.code = code;
        }

        /** Level of a code of NVML; unknown codes are as far as can be. */
        public static Level of(final int code)
        {
            for (final Level level : values())
            {
                if (level.code == code)
                {
                    return level;
                }
            }
            return system;
        }
    }
}
