package io.plimsoll.core.policy;

/**
 * Says which of the agents that fit is best for a kernel. The answer may depend on the three arguments only, and must
 * be the same for equal arguments: scores are kept until one of them changes, the mix by its version. No state other
 * than working memory, no clock, no randomness, no allocation while the mix stays the same; {@code double} only
 * through {@link StrictMath} and plain operators in a stated order, cut to an integer before it is returned. An
 * instance serves one thread.
 */
public interface SelectionPolicy
{
    /** The name by which a group chooses it: lower case with hyphens. */
    String name();

    /**
     * How good an agent is; the highest wins, the lowest id among equals. Asked only of agents that fit.
     *
     * @param agent   as it is before the kernel is placed.
     * @param request what the kernel asks for.
     * @param mix     what the group is used to get.
     * @return any number.
     */
    long score(AgentView agent, RequestView request, RequestMix mix);

    /**
     * Whether it makes a difference to the score how much mem a request asks for. If not, the scores of agents for one
     * request serve for others that ask for the same but for mem, which makes decisions faster. What mem an agent has
     * free may count all the same.
     */
    default boolean mindsRequestedMem()
    {
        return true;
    }

    /**
     * Whether it makes a difference to the score what the group is used to get. If not, scores are kept when that
     * changes, which it does as long as anybody submits.
     */
    default boolean mindsMix()
    {
        return true;
    }

    /**
     * Which device a share of one goes to; the fullest that has room unless a policy knows better. Whole devices are
     * always the idle ones with the lowest numbers.
     *
     * @param agent   has a device with enough free.
     * @param request asks for a share of one device.
     * @param mix     what the group is used to get.
     * @return number of the device, from 0.
     */
    default int chooseDevice(final AgentView agent, final RequestView request, final RequestMix mix)
    {
        int best = -1;
        for (int device = 0; device < agent.devices(); device++)
        {
            final int free = agent.deviceFree(device);
            if (free >= request.deviceShare() && (best < 0 || free < agent.deviceFree(best)))
            {
                best = device;
            }
        }
        return best;
    }
}
