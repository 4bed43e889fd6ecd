using System.Collections.Immutable;
using ConfSync.Services;

namespace ConfSync.Protocol;

/// <summary>What a peer's script is told of the services that take part.</summary>
/// <param name="conversation">Receives the requests.</param>
internal sealed class ServiceRequests(Conversation conversation)
{
    /// <param name="serves">The session may test and reload them.</param>
    public void Settings(ServiceSet services, bool serves)
    {
        // The script wants a program for nginx that is there, also where it does nothing with it.
        if (services.Nginx is null) conversation.Request("set", "nginx", "/bin/sh");
        foreach (var service in services.All)
        {
            if (!services.IsNginxAlone) conversation.Request("set", $"reloadable-{service.Name}", "yes");
            if (service.Own is { } own) OfOwn(service, own, serves);
            else if (service.Program is { } program) conversation.Request("set", service == services.Nginx ? service.Name : $"{service.Name}-file", program);
            if (service.PidFile is { } pidFile) conversation.Request("set", "pid-file", pidFile);
        }
        if (!services.All.Any(service => service.Definition == ServiceDefinition.Keepalived)) return;
        if (services.AllowsRemovals) conversation.Request("set", "reload-removals", "yes");
        if (services.AllowsIncompatible) conversation.Request("set", "reload-incompatible", "yes");
    }

    /// <param name="services">Those that a change affects; none where nginx alone takes part, because the script knows that without
    /// being told.</param>
    public void Affected(ImmutableArray<AffectedService> services)
    {
        foreach (var service in services)
        {
            conversation.Request("set", $"reload-{service.Name}", "yes");
            conversation.Request("set", $"digest-{service.Name}", service.Digest);
            if (service.Known is { } known) conversation.Request("set", $"known-{service.Name}", known);
        }
    }

    // A session that only looks has no use for the commands that test and reload.
    private void OfOwn(Service service, OwnCommands own, bool serves)
    {
        Set("program", service.Program);
        Set("running", own.Running);
        if (!serves) return;
        Set("test", own.Test);
        Set("reload", own.Reload);
        Set("serves", own.Serves);
        Set("limit", PeerSettings.Seconds(own.ServesTimeout));

        void Set(string what, string? value)
        {
            if (value is not null) conversation.Request("set", $"own-{service.Name}-{what}", value);
        }
    }
}
