REM What a person does at workbooks, line by line as a file says it. Its fields are parted by tabs:
REM open ADDRESS | type SHEET CELL TEXT | merge SHEET CELLS | save ADDRESS FILTER OPTIONS | close.
REM What fails is said in the file FAULTS: a dialog would wait for ever.
Sub Main(sActs As String, sFaults As String)
    Dim oFiles, oActs, oBook, aField, sAct
    On Error GoTo Failed
    oFiles = createUnoService("com.sun.star.ucb.SimpleFileAccess")
    oActs = createUnoService("com.sun.star.io.TextInputStream")
    oActs.setInputStream(oFiles.openFileRead(sActs))
    oActs.setEncoding("UTF-8")
    Do While Not oActs.isEOF()
        sAct = oActs.readLine()
        aField = Split(sAct, Chr(9))
        If UBound(aField) >= 0 Then
            Select Case aField(0)
            Case "open"
                oBook = StarDesktop.loadComponentFromURL(aField(1), "_blank", 0, Array(Prop("Hidden", True)))
            Case "type"
                oBook.Sheets.getByName(aField(1)).getCellRangeByName(aField(2)).FormulaLocal = Join(Split(aField(3), "\n"), Chr(10))
            Case "merge"
                oBook.Sheets.getByName(aField(1)).unprotect("")
                oBook.Sheets.getByName(aField(1)).getCellRangeByName(aField(2)).merge(True)
            Case "save"
                oBook.storeToURL(aField(1), Array(Prop("FilterName", aField(2)), Prop("FilterOptions", aField(3))))
            Case "close"
                oBook.close(True)
            End Select
        End If
    Loop
    StarDesktop.terminate()
    Exit Sub
Failed:
    Dim oFault
    oFault = createUnoService("com.sun.star.io.TextOutputStream")
    oFault.setOutputStream(oFiles.openFileWrite(sFaults))
    oFault.setEncoding("UTF-8")
    oFault.writeString(sAct & ": " & Error$ & " (" & Erl & ")")
    oFault.closeOutput()
    StarDesktop.terminate()
End Sub

Function Prop(sName As String, aValue)
    Dim oProp As New com.sun.star.beans.PropertyValue
    oProp.Name = sName
    oProp.Value = aValue
    Prop = oProp
End Function
