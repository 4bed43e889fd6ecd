using System.Collections.Immutable;

namespace ConfSync.Services;

/// <summary>A service with its settings, which are the same for all nodes.</summary>
/// <param name="Program">The path of its program; null for <see cref="ServiceDefinition.Program"/>.</param>
/// <param name="PidFile">The file that names its running master; null where the peer has to find the master.</param>
public sealed record Service(ServiceDefinition Definition, string? Program = null, string? PidFile = null)
{
    public string Name => Definition.Name;

    /// <summary>Which of nginx's relatives it is; null for a service of another kind.</summary>
    public NginxKind? Kind { get; init; }

    /// <summary>What the administrator says of a service that is not built in; null for those that are.</summary>
    public OwnCommands? Own { get; init; }

    /// <summary>Its name for people, and in documents for programs.</summary>
    public string Title => Kind?.Name ?? Name;

    /// <summary>The files and directories that it reads: absolute and normalised.</summary>
    public ImmutableArray<string> Paths { get; init; } = Definition.Paths;

    /// <summary>It is to run on every node (EXPECT_RUNNING).</summary>
    public bool IsExpected { get; init; } = true;
}
