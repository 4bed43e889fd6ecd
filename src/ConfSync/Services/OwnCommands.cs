namespace ConfSync.Services;

/// <summary>The commands of a service of the administrator's own. A peer's shell runs each of them, as the user that the peer's script
/// runs as.</summary>
/// <param name="Test">Tests the configuration where it lies, and changes nothing.</param>
/// <param name="Reload">Has the running program read its configuration again.</param>
/// <param name="Serves">Succeeds as soon as the program serves its configuration.</param>
/// <param name="Running">Succeeds if the program runs; null where its processes tell.</param>
/// <param name="ServesTimeout">How long <paramref name="Serves"/> may take to succeed after a reload.</param>
public sealed record OwnCommands(string Test, string Reload, string Serves, string? Running, TimeSpan ServesTimeout);
