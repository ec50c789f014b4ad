package io.plimsoll.manager.identity;

import java.util.Locale;

/** What somebody may do. */
public enum Role
{
    /** Everything. */
    SUPERADMIN,
    /** Whatever concerns users, projects, keypairs and sessions of its domain. */
    ADMIN,
    /** Its own sessions. */
    USER,
    /** Sees everything, changes nothing. */
    MONITOR;

    /** As the API and the database spell it. */
    public String label()
    {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By its label; null if there is none. */
    public static Role of(final String label)
    {
        for (final Role role : values())
        {
            if (role.label().equals(label))
            {
                return role;
            }
        }
        return null;
    }
}
