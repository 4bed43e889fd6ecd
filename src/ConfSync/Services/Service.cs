namespace ConfSync.Services;

/// <summary>A service as the configuration has it for all nodes.</summary>
/// <param name="Program">Null where it is the <see cref="ServiceDefinition.Program"/>.</param>
/// <param name="PidFile">The file that names its running master; null where the peer has to find the master.</param>
public sealed record Service(ServiceDefinition Definition, string? Program = null, string? PidFile = null);
