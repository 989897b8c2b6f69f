namespace Memory.Core.Retrieval.Hot;

/// <summary>The best so far of rows that come in ascending order: of equally good ones the first.</summary>
internal sealed class Best(int limit)
{
    private readonly int[] _rows = new int[limit];
    private readonly float[] _scores = new float[limit];

    internal int Count { get; private set; }

    /// <summary>Whether a row with this score would be among them, by those that came before.</summary>
    internal bool Wants(float score) => Count < limit || score > _scores[limit - 1];

    internal void Add(int row, float score)
    {
        int at = Count < limit ? Count++ : limit - 1;
        for (; at > 0 && _scores[at - 1] < score; at--)
        {
            _scores[at] = _scores[at - 1];
            _rows[at] = _rows[at - 1];
        }

        _scores[at] = score;
        _rows[at] = row;
    }

    /// <summary>Best first.</summary>
    internal (int Row, float Score) this[int place] => (_rows[place], _scores[place]);
}
