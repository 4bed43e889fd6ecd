namespace ConfSync.Protocol;

/// <summary>What one session carried, inside of what ssh adds.</summary>
/// <param name="Sent">Bytes to the other side, the script included.</param>
/// <param name="Received">Bytes from there.</param>
/// <param name="RoundTrips">How often the other side had to be heard before it was told more.</param>
public sealed record Traffic(long Sent, long Received, int RoundTrips);
