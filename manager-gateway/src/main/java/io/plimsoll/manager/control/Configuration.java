package io.plimsoll.manager.control;

import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.GroupView;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * Changes of resource groups and accounts, one after the other, so that what a change is made of is what is there when
 * it is made. Safe for any thread; futures end as those of {@link ClusterControl} do.
 */
public interface Configuration
{
    /**
     * Makes or changes a group.
     *
     * @param name   of the group.
     * @param change from the options that it has, null if there is no such group, to those that it shall have.
     */
    CompletableFuture<GroupView> configureGroup(String name, UnaryOperator<GroupOptions> change);

    /**
     * Makes or changes an account.
     *
     * @param idOrName of the account; one that is not known gets the number, or the next number and the name.
     * @param change   from what it is, null inside if there is no such account, to what it shall be.
     */
    CompletableFuture<AccountView> configureAccount(String idOrName, AccountChange change);

    /**
     * Changes how many sessions of one account may be on their way to the core, from now on; not journalled.
     *
     * @param sessions at least 1.
     * @throws IllegalArgumentException if it is less.
     */
    void ownerInFlight(int sessions);

    /** What an account shall be. */
    @FunctionalInterface
    interface AccountChange
    {
        /**
         * Decides.
         *
         * @param current what it is, or what it is without being told anything.
         * @param known   whether it is there.
         */
        AccountOptions apply(AccountOptions current, boolean known);
    }
}
