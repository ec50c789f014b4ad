package io.plimsoll.manager.identity;

import java.time.Instant;

/** What domains, projects, users and keypairs have in common: an account of the core, and what it may use. */
public sealed interface Subject permits Domain, Project, User, Keypair
{
    /** Of the account in the core. */
    int accountId();

    /** Unique among its kind; the access key of a keypair. */
    String name();

    /** For people. */
    String description();

    /** Whether it may be used. */
    boolean active();

    Policy policy();

    Instant createdAt();
}
