package io.plimsoll.loadtest.jobs;

/**
 * Who asks, and where the session waits; an empty name is not known. Equal ones are shared by all jobs of a workload.
 *
 * @param user    who submits.
 * @param project that it is for.
 * @param domain  that the project is of.
 * @param group   resource group.
 */
public record Tenant(String user, String project, String domain, String group)
{
    /** Nothing is known. */
    public static final Tenant UNKNOWN = new Tenant("", "", "", "");

    /** Of a user, of whom nothing else is known. */
    public static Tenant of(final String user)
    {
        return new Tenant(user, "", "", "");
    }

    /** The most particular name there is, for tables. */
    public String name()
    {
        return !user.isEmpty() ? user : !project.isEmpty() ? project : !domain.isEmpty() ? domain : group;
    }
}
