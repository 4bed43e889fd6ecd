using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Services;

namespace ConfSync.Protocol;

/// <summary>Collects what became of each service: a line for each of the others, and nginx's at the end of the answer.</summary>
internal sealed class OutcomeReader
{
    private readonly List<ServiceOutcome> others = [];

    /// <returns>Whether the answer was the outcome of a service.</returns>
    public bool Add(Answer answer)
    {
        if (answer is not { Kind: "service", Tokens: [var name, var word] }) return false;
        others.Add(new ServiceOutcome(PosixText.Printable(name), ReloadOutcomes.Parse(word)));
        return true;
    }

    /// <param name="word">nginx's outcome, or "unaffected".</param>
    /// <returns>Of all services the outcome with which least was done, and each one's own.</returns>
    /// <exception cref="ProtocolException">The word is not known, or nothing was affected.</exception>
    public (ReloadOutcome Reload, ImmutableArray<ServiceOutcome> Services) Read(string word)
    {
        ImmutableArray<ServiceOutcome> all = word == "unaffected" ? [.. others] : [.. others, new ServiceOutcome(ServiceDefinition.Nginx.Name, ReloadOutcomes.Parse(word))];
        if (all is []) throw new ProtocolException("no service was affected");
        var reload = all.Any(one => one.IsStopped) ? ReloadOutcome.NotRunning
            : all.Any(one => one.Outcome == ReloadOutcome.NotReloaded) ? ReloadOutcome.NotReloaded
            : ReloadOutcome.Reloaded;
        return (reload, all);
    }
}
