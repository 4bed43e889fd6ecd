namespace ConfSync.Protocol;

/// <summary>What one session carried, without what ssh adds.</summary>
/// <param name="Sent">The bytes to the other side, including the script.</param>
/// <param name="Received">The bytes from the other side.</param>
/// <param name="RoundTrips">How often the primary had to wait for an answer before it could go on.</param>
public sealed record Traffic(long Sent, long Received, int RoundTrips);
