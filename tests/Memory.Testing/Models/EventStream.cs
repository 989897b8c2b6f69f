using System.Buffers.Binary;
using System.Text;

namespace Memory.Testing.Models;

/// <summary>
/// AWS event-stream frames (application/vnd.amazon.eventstream): two lengths and their CRC, headers, payload, and a CRC of it
/// all; numbers are big-endian.
/// </summary>
internal static class EventStream
{
    private const byte StringHeader = 7;
    private static readonly uint[] Crcs = [.. Enumerable.Range(0, 256).Select(value => CrcOf((uint)value))];

    public static byte[] Event(string type, string json) => Frame(json, (":message-type", "event"), (":event-type", type));

    public static byte[] Exception(string type, string json) => Frame(json, (":message-type", "exception"), (":exception-type", type));

    private static byte[] Frame(string json, params (string Name, string Value)[] headers)
    {
        byte[] head = [.. headers.Append((":content-type", "application/json")).SelectMany(header => Header(header.Item1, header.Item2))];
        byte[] payload = Encoding.UTF8.GetBytes(json);
        var frame = new byte[12 + head.Length + payload.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), head.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc32(frame.AsSpan(0, 8)));
        head.CopyTo(frame, 12);
        payload.CopyTo(frame, 12 + head.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static byte[] Header(string name, string value) =>
        [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), StringHeader, (byte)(value.Length >> 8), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = (crc >> 8) ^ Crcs[(byte)(crc ^ value)];
        return ~crc;
    }

    private static uint CrcOf(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    }
}
