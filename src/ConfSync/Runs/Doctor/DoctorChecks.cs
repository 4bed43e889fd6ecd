using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>From what machines have told to what is found of them. Pure.</summary>
/// <param name="primary">What the primary has told.</param>
/// <param name="now">By the primary's clock.</param>
internal sealed class DoctorChecks(SyncConfig config, Examination primary, DateTimeOffset now)
{
    private readonly MachineChecks machine = new(config);
    private readonly NginxChecks nginx = new(config, primary.Checkup?.Nginx, primary.Status?.NginxVersion);

    /// <summary>The file of SSHKEY could not be found.</summary>
    public bool KeyIsMissing { get; init; }

    /// <param name="problem">Why nothing can be pushed; null where it can.</param>
    /// <param name="unmatched">Patterns that match nothing anywhere.</param>
    public ImmutableArray<Finding> OfPrimary(PrimaryProblem? problem, ImmutableArray<NamedPattern> unmatched, IEnumerable<Examination> nodes)
    {
        List<Finding> found = KeyIsMissing ? [new Finding.KeyMissing(config.SshKey!)] : [];
        if (primary.Checkup is not { } checkup)
        {
            found.AddRange(LoginChecks.Of(primary));
        }
        else
        {
            found.AddRange(machine.OfPrimary(checkup));
            found.AddRange(nginx.OfPrimary(nodes));
            found.AddRange(CertificateChecks.Of(checkup.Nginx, now));
        }
        found.AddRange(unmatched.Select(pattern => new Finding.PatternUnmatched(pattern)));
        if (problem is not null) found.Add(new Finding.PrimaryCannotPush(problem));
        return Ordered(found);
    }

    /// <param name="notDistinct">The node is a machine that is there twice; null where it is not.</param>
    public ImmutableArray<Finding> OfNode(Examination node, Refusal? notDistinct)
    {
        List<Finding> found = [.. LoginChecks.Of(node)];
        if (notDistinct is not null) found.Add(new Finding.NotDistinct(notDistinct));
        if (node.Checkup is not { } checkup) return Ordered(found);
        found.AddRange(machine.OfNode(checkup, node.Status));
        found.AddRange(nginx.OfNode(checkup.Nginx, node.Status?.NginxVersion));
        found.AddRange(CertificateChecks.Of(checkup.Nginx, now));
        if (node.Differences is > 0 and var differences) found.Add(new Finding.Drifted(differences));
        // What the checks have said already need not be said again.
        if (node.Failure is { } failure && !found.Any(finding => finding.Severity == Severity.Error))
        {
            found.Add(new Finding.PushRefused(failure.Message, failure.Advice));
        }
        return Ordered(found);
    }

    private static ImmutableArray<Finding> Ordered(IEnumerable<Finding> found) => [.. found.OrderBy(finding => finding.Check)];
}
