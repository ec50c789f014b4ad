package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import java.util.ArrayList;
import java.util.List;

/**
 * What nodes a job of CERIT-SC asks for, in the words of PBS, such as {@code 4:ppn=8:x86_64:cl_zegox}: so many kernels
 * of so many cores. Memory is that of each node. {@code cl_} names a cluster, which is the label {@code cluster} here;
 * other properties are those of nodes that nobody describes, so they are left out and counted.
 */
final class NodeSpec
{
    static final String CLUSTER_LABEL = "cluster";
    private static final String CLUSTER = "cl_";
    private static final String ARCH = "x86_64";
    private static final String PER_NODE = "ppn=";

    private final WorkloadBuilder builder;

    NodeSpec(final WorkloadBuilder builder)
    {
        this.builder = builder;
    }

    /**
     * The request of a job.
     *
     * @param text        of PBS.
     * @param processors  in all, if the text does not say.
     * @param memoryBytes of each node.
     */
    JobRequest request(final String text, final long processors, final long memoryBytes)
    {
        final List<KernelSet> kernels = new ArrayList<>();
        final List<Constraint> constraints = new ArrayList<>();
        int exclusive = text.indexOf('#');
        exclusive = exclusive < 0 ? text.length() : exclusive;
        final String[] parts = text.substring(0, exclusive).split("\\+");
        for (final String part : parts)
        {
            kernels.add(kernels(part, 1 == parts.length ? processors : 1, Math.max(0, memoryBytes)));
            properties(part, constraints);
        }
        if (exclusive < text.length())
        {
            builder.tally("jobs that ask for nodes of their own (#excl) and get the cores that they name");
        }
        return new JobRequest(kernels, constraints);
    }

    private static KernelSet kernels(final String part, final long processors, final long memoryBytes)
    {
        final String[] words = part.split(":");
        final int nodes = words[0].matches("[1-9][0-9]{0,4}") ? Integer.parseInt(words[0]) : 1;
        long each = Math.max(1, processors / nodes);
        for (final String word : words)
        {
            if (word.matches(PER_NODE + "[1-9][0-9]{0,4}"))
            {
                each = Long.parseLong(word.substring(PER_NODE.length()));
            }
        }
        return new KernelSet(nodes, Need.cpu(each * Need.WHOLE, memoryBytes));
    }

    private void properties(final String part, final List<Constraint> constraints)
    {
        for (final String word : part.split(":"))
        {
            if (ARCH.equals(word))
            {
                add(new Constraint(ConstraintKind.ARCH_IN, "", ARCH), constraints);
            }
            else if (word.startsWith(CLUSTER))
            {
                add(new Constraint(ConstraintKind.LABEL_IN, CLUSTER_LABEL, word.substring(CLUSTER.length())),
                    constraints);
            }
            else if (word.startsWith("^" + CLUSTER))
            {
                add(new Constraint(ConstraintKind.LABEL_NOT_IN, CLUSTER_LABEL, word.substring(CLUSTER.length() + 1)),
                    constraints);
            }
            else if (!word.matches("[0-9]+|" + PER_NODE + "[0-9]+"))
            {
                builder.tally("property of nodes left out, " +
                    (word.contains(".") || word.startsWith("host=") ? "one certain node" : word));
            }
        }
    }

    private static void add(final Constraint constraint, final List<Constraint> constraints)
    {
        if (!constraints.contains(constraint))
        {
            constraints.add(constraint);
        }
    }
}
