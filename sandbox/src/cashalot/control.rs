pub async fn serve_control(){}
