package io.plimsoll.manager.replay;

import io.plimsoll.core.sbe.AcceptLossDecoder;
import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.AgentClaimedDecoder;
import io.plimsoll.core.sbe.AgentConnectedDecoder;
import io.plimsoll.core.sbe.AgentDisconnectedDecoder;
import io.plimsoll.core.sbe.AgentInventoryDecoder;
import io.plimsoll.core.sbe.AgentLostDecoder;
import io.plimsoll.core.sbe.AgentReturnedDecoder;
import io.plimsoll.core.sbe.AgentSuspectDecoder;
import io.plimsoll.core.sbe.AssignmentRepeatedDecoder;
import io.plimsoll.core.sbe.CancelAcceptedDecoder;
import io.plimsoll.core.sbe.CancelProgressedDecoder;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.ConfigureAccountDecoder;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ConfigureMixDecoder;
import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.DeadlinesMovedDecoder;
import io.plimsoll.core.sbe.DrainAgentDecoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.InventoryMarkedDecoder;
import io.plimsoll.core.sbe.InventoryReceivedDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.KeyForgottenDecoder;
import io.plimsoll.core.sbe.KillRequestedDecoder;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MixConfiguredDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.SelectionFoundDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionReservedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.ShadowSteppedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SpecDroppedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.core.sbe.TimeHeldDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import io.plimsoll.core.sbe.UpdateAcceptedDecoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What commands and events are called, and their templates. */
public final class RecordKinds
{
    private static final Map<String, Integer> COMMANDS = commands();
    private static final Map<String, Integer> EVENTS = events();

    private RecordKinds()
    {
    }

    /** Names of all events. */
    public static Collection<String> eventNames()
    {
        return Collections.unmodifiableCollection(EVENTS.keySet());
    }

    /** Names of all commands. */
    public static Collection<String> commandNames()
    {
        return Collections.unmodifiableCollection(COMMANDS.keySet());
    }

    /** Template of an event, -1 if there is none of that name. */
    static int event(final String name)
    {
        return EVENTS.getOrDefault(name, -1);
    }

    /** Template of a command, -1 if there is none of that name. */
    static int command(final String name)
    {
        return COMMANDS.getOrDefault(name, -1);
    }

    /** Name of a command or an event; its number if it is that of a later release. */
    public static String name(final int templateId)
    {
        for (final Map<String, Integer> kinds : List.of(COMMANDS, EVENTS))
        {
            for (final Map.Entry<String, Integer> kind : kinds.entrySet())
            {
                if (templateId == kind.getValue())
                {
                    return kind.getKey();
                }
            }
        }
        return Integer.toString(templateId);
    }

    private static Map<String, Integer> commands()
    {
        final Map<String, Integer> names = new LinkedHashMap<>();
        names.put("manager-started", ManagerStartedDecoder.TEMPLATE_ID);
        names.put("submit-sessions", SubmitSessionsDecoder.TEMPLATE_ID);
        names.put("cancel-sessions", CancelSessionsDecoder.TEMPLATE_ID);
        names.put("update-sessions", UpdateSessionsDecoder.TEMPLATE_ID);
        names.put("end-session", EndSessionDecoder.TEMPLATE_ID);
        names.put("agent-connected", AgentConnectedDecoder.TEMPLATE_ID);
        names.put("agent-disconnected", AgentDisconnectedDecoder.TEMPLATE_ID);
        names.put("agent-inventory", AgentInventoryDecoder.TEMPLATE_ID);
        names.put("kernel-report", KernelReportDecoder.TEMPLATE_ID);
        names.put("agent-suspect", AgentSuspectDecoder.TEMPLATE_ID);
        names.put("agent-lost", AgentLostDecoder.TEMPLATE_ID);
        names.put("agent-returned", AgentReturnedDecoder.TEMPLATE_ID);
        names.put("drain-agent", DrainAgentDecoder.TEMPLATE_ID);
        names.put("configure-group", ConfigureGroupDecoder.TEMPLATE_ID);
        names.put("time-passed", TimePassedDecoder.TEMPLATE_ID);
        names.put("time-held", TimeHeldDecoder.TEMPLATE_ID);
        names.put("continue", ContinueDecoder.TEMPLATE_ID);
        names.put("accept-loss", AcceptLossDecoder.TEMPLATE_ID);
        names.put("poisoned", PoisonedDecoder.TEMPLATE_ID);
        names.put("configure-account", ConfigureAccountDecoder.TEMPLATE_ID);
        names.put("configure-mix", ConfigureMixDecoder.TEMPLATE_ID);
        return names;
    }

    private static Map<String, Integer> events()
    {
        final Map<String, Integer> names = new LinkedHashMap<>();
        names.put("term-began", TermBeganDecoder.TEMPLATE_ID);
        names.put("spec-added", SpecAddedDecoder.TEMPLATE_ID);
        names.put("spec-dropped", SpecDroppedDecoder.TEMPLATE_ID);
        names.put("submission-accepted", SubmissionAcceptedDecoder.TEMPLATE_ID);
        names.put("command-rejected", CommandRejectedDecoder.TEMPLATE_ID);
        names.put("session-queued", SessionQueuedDecoder.TEMPLATE_ID);
        names.put("session-advanced", SessionAdvancedDecoder.TEMPLATE_ID);
        names.put("kernel-assigned", KernelAssignedDecoder.TEMPLATE_ID);
        names.put("kernel-advanced", KernelAdvancedDecoder.TEMPLATE_ID);
        names.put("kernel-released", KernelReleasedDecoder.TEMPLATE_ID);
        names.put("kill-requested", KillRequestedDecoder.TEMPLATE_ID);
        names.put("assignment-repeated", AssignmentRepeatedDecoder.TEMPLATE_ID);
        names.put("agent-attached", AgentAttachedDecoder.TEMPLATE_ID);
        names.put("agent-changed", AgentChangedDecoder.TEMPLATE_ID);
        names.put("orphan-found", OrphanFoundDecoder.TEMPLATE_ID);
        names.put("session-forgotten", SessionForgottenDecoder.TEMPLATE_ID);
        names.put("group-configured", GroupConfiguredDecoder.TEMPLATE_ID);
        names.put("slot-defined", SlotDefinedDecoder.TEMPLATE_ID);
        names.put("cancel-accepted", CancelAcceptedDecoder.TEMPLATE_ID);
        names.put("lost-tail-changed", LostTailChangedDecoder.TEMPLATE_ID);
        names.put("key-forgotten", KeyForgottenDecoder.TEMPLATE_ID);
        names.put("inventory-marked", InventoryMarkedDecoder.TEMPLATE_ID);
        names.put("inventory-received", InventoryReceivedDecoder.TEMPLATE_ID);
        names.put("cancel-progressed", CancelProgressedDecoder.TEMPLATE_ID);
        names.put("account-configured", AccountConfiguredDecoder.TEMPLATE_ID);
        names.put("mix-configured", MixConfiguredDecoder.TEMPLATE_ID);
        names.put("agent-claimed", AgentClaimedDecoder.TEMPLATE_ID);
        names.put("deadlines-moved", DeadlinesMovedDecoder.TEMPLATE_ID);
        names.put("selection-found", SelectionFoundDecoder.TEMPLATE_ID);
        names.put("shadow-stepped", ShadowSteppedDecoder.TEMPLATE_ID);
        names.put("session-updated", SessionUpdatedDecoder.TEMPLATE_ID);
        names.put("update-accepted", UpdateAcceptedDecoder.TEMPLATE_ID);
        names.put("session-reserved", SessionReservedDecoder.TEMPLATE_ID);
        return names;
    }
}
